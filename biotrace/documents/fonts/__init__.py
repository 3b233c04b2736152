"""Noto Sans JP, Regular and Bold, as static TrueType fonts under the SIL Open Font License (``OFL.txt``).

Version 2.004 as the npm package ``@expo-google-fonts/noto-sans-jp`` 0.4.3 carries it, files unchanged.
"""
