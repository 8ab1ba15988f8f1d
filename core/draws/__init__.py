"""Random draws that anyone can compute again: candidates first, then the seed, then the same choice for everybody."""
