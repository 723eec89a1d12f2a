# SPDX-License-Identifier: Apache-2.0
"""The same list with dlt's declarative REST source into DuckDB: appended, with no keys to keep, which is its fastest."""
import sys

import dlt
from dlt.sources.rest_api import rest_api_source

url, folder = sys.argv[1:]
source = rest_api_source({
    'client': {
        'base_url': url,
        'paginator': {'type': 'page_number', 'base_page': 1, 'page_param': 'page', 'total_path': 'pages'},
    },
    'resources': [{'name': 'invoices', 'endpoint': {'path': 'invoices', 'params': {'per_page': 100}, 'data_selector': 'items'}}],
})
pipeline = dlt.pipeline(
    'bench', pipelines_dir=folder + '/pipelines', destination=dlt.destinations.duckdb(folder + '/pulled.duckdb'), dataset_name='books')
pipeline.run(source)
with pipeline.sql_client() as client, client.execute_query('SELECT count(*) FROM invoices') as cursor:
    print(cursor.fetchone()[0])
