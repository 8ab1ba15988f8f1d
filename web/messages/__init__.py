"""Words of errors that pages and plugins raise."""
