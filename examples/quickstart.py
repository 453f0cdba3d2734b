"""Members by sex on a day. Run in the folder that holds examples/, or give a folder of CSV files."""

import sys

import dangbo

folder = sys.argv[1] if len(sys.argv) > 1 else "examples/khoi_2020"
print(dangbo.load(folder).on("2020-11-30").rollup("members", by=["sex"]).to_pandas())
