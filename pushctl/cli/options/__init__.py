"""Options that several commands share, each declared once: what is pushed, to whom, and how."""
