class WorkerError(Exception):
    """What the sender of a job can mend; the message says how."""
