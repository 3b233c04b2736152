"""The papers of 別記3, the code of conduct by which bodies accredit (G3(3)①): values in, PDF out.

What a value leaves open stays a line, or a space, to write on by hand: nothing is made up.
"""
