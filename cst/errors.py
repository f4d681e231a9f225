"""What the program says when it does not do what it was asked to."""


class Refused(Exception):
    """One line for a person: what is wrong, and what to do. What people see is
    as it was."""
