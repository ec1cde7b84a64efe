"""Every sentence a user reads, in French and English, by key."""

from gst_opt.text.message import Lang, Message, say

__all__ = ["Lang", "Message", "say"]
