"""Documents on pages: what a step can write, previews, downloads."""
