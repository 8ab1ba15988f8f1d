"""Background work: the job table is the truth, Celery only carries the news that there is work."""
