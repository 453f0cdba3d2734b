"""pyarrow reads our tables and writes for us; run by wheel_test.sh where pyarrow can be had."""

import datetime

import pyarrow as pa

import dangbo


def main() -> None:
    view = dangbo.load("examples/khoi_2020").on("2020-11-30")

    ours = view.rollup(by=["sex", "status"], share="stock")
    table = pa.table(ours)
    table.validate(full=True)
    assert table.to_pydict() == ours.to_dict(), table
    assert pa.schema(ours) == table.schema
    assert table.schema.metadata[b"dangbo.on"] == b"2020-11-30", table.schema.metadata

    units = pa.table(view.tree())
    units.validate(full=True)
    assert units.num_rows == len(view.tree())

    # In two batches, with a dictionary, dates and missing values.
    when = [datetime.date(2010, 1, 1)]
    first = pa.table(
        {
            "unit_id": ["A"],
            "kind": pa.array(["CB"]).dictionary_encode(),
            "from": pa.array(when, pa.date32()),
            "parent_id": pa.array([None], pa.string()),
        }
    )
    second = first.set_column(0, "unit_id", pa.array(["B"]))
    registry = dangbo.Registry()
    change = registry.change()
    change.add_table("units", pa.concat_tables([first, second]))
    registry.commit(change)
    assert registry.on("2020-01-01").rollup("units").column("count") == [2]

    # What we wrote comes back in.
    again = dangbo.Registry()
    change = again.change()
    tree = pa.table(view.tree()).select(["unit_id", "kind", "parent_id", "name"])
    change.add_table("units", tree)
    again.commit(change)
    assert again.on("2020-01-01").rollup("units").column("count") == [tree.num_rows]
    print(f"pyarrow {pa.__version__}: {table.num_rows + units.num_rows} rows read, all equal")


if __name__ == "__main__":
    main()
