"""The clerk: hears comments, obeys the commands in them where their author may, and answers."""
