"""Legal questions under load: the real server, citizens and lawyers who reach it by HTTP, and what is found after."""
