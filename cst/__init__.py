"""The program around dbt: what is built becomes what people see.

    python -m cst run        # build, test, publish
    python -m cst --help     # the other words
"""
