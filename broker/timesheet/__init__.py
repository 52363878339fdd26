"""The monthly attendance sheet (ATT-9): computed anew from the raw punches each time, written as a table, a page, a list.

``collect`` reads the database, ``month`` makes the sheet of it (pure), ``write_csv``, ``write_xlsx`` and ``write_pdf`` put
it where a department can sign it. Nothing is stored: the same month gives the same sheet whenever it is asked for.
"""
