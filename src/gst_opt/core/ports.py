"""Keys of the ports: the quantities of a question that other questions may bind."""

PortKey = tuple[str, ...]


def staff_hours(facility: str, skill: str, period: str) -> PortKey:
    """Name the hours that the staff of one skill has for work at a facility in a period (h)."""
    return "staff_hours", facility, skill, period


def staff_hours_needed(facility: str, skill: str, period: str) -> PortKey:
    """Name the hours of one skill that platforms, beds or hubs of a facility need in a period (h)."""
    return "staff_hours_needed", facility, skill, period


def staff_hours_freed(facility: str, skill: str, period: str) -> PortKey:
    """Name the hours of one skill that a facility no longer needs in a period, as others do the work (h)."""
    return "staff_hours_freed", facility, skill, period


def sessions(facility: str, equipment_type: str, period: str) -> PortKey:
    """Name the sessions that the units of one type run at a facility in a period."""
    return "sessions", facility, equipment_type, period


def acts(facility: str, service: str, period: str) -> PortKey:
    """Name the acts of a service done at a facility in a period."""
    return "acts", facility, service, period


def items(need: str, facility: str, period: str) -> PortKey:
    """Name the units of a need that a facility receives in a period."""
    return "items", need, facility, period


def ordered(supplier: str, reference: str) -> PortKey:
    """Name the units of a reference that a supplier sells over the calendar."""
    return "ordered", supplier, reference


def money(line: str, period: str) -> PortKey:
    """Name the money spent on one budget line in a period (MAD)."""
    return "money", line, period
