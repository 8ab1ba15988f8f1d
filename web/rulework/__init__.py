"""Rules as people work on them in the browser: the instance's own files, what they change, who puts them in force."""
