"""pushctl: send, prove and find push notifications."""

__version__ = "0.1.0"
