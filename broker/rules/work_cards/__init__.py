"""Work cards that are lost, and the PINs that stand in for a card until there is a new one (COND-4, D15)."""
