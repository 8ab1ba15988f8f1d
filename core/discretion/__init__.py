"""Discretion tables (裁量基准): DMN decision tables with the statute around them, and their proof at load."""
