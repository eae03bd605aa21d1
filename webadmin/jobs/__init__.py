"""Long work: kinds of jobs, and the worker process that does them one at a time."""
