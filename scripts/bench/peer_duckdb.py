# SPDX-License-Identifier: Apache-2.0
"""Reads a CSV with DuckDB's read_csv and inserts it into a table on disk: the baseline's columns, key and index.

usage: peer_duckdb.py FILE DATABASE
"""

import sys

import duckdb


def main():
    connection = duckdb.connect(sys.argv[2])
    connection.execute(
        """
        CREATE TABLE item (
            id VARCHAR PRIMARY KEY, number VARCHAR NOT NULL, kind VARCHAR NOT NULL, customer_id VARCHAR NOT NULL,
            customer_name VARCHAR NOT NULL, currency VARCHAR NOT NULL, issued_on DATE NOT NULL, due_on DATE NOT NULL,
            total DECIMAL(18, 2) NOT NULL, reference VARCHAR NOT NULL)
        """)
    connection.execute("CREATE INDEX item_customer ON item (customer_id)")
    connection.execute(
        """
        INSERT INTO item SELECT * FROM read_csv(?, header = true, columns = {
            'id': 'VARCHAR', 'number': 'VARCHAR', 'kind': 'VARCHAR', 'customer_id': 'VARCHAR',
            'customer_name': 'VARCHAR', 'currency': 'VARCHAR', 'issued_on': 'DATE', 'due_on': 'DATE',
            'total': 'DECIMAL(18, 2)', 'reference': 'VARCHAR'})
        """, [sys.argv[1]])
    print(connection.execute("SELECT count(*) FROM item").fetchone()[0])
    connection.close()


if __name__ == "__main__":
    main()
