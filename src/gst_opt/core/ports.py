"""Keys of the ports: the quantities of a question that other questions may bind."""

PortKey = tuple[str, ...]


def staff_hours(facility: str, skill: str, period: str) -> PortKey:
    """Name the hours that the staff of one skill has for work at a facility in a period (h)."""
    return "staff_hours", facility, skill, period


def money(line: str, period: str) -> PortKey:
    """Name the money spent on one budget line in a period (MAD)."""
    return "money", line, period
