"""Opens a results file with h5py alone and checks what its layout promises."""
import sys

import h5py
import numpy as np

with h5py.File(sys.argv[1], "r") as f:
    meta = f["/meta"].attrs
    assert meta["format"] == "hutong results", meta["format"]
    replicates, months = int(meta["replicates"]), len(f["/months"])
    blocks, subdistricts = len(f["/blocks/code"]), len(f["/subdistricts/code"])
    assert months == int(meta["months"]) + 1

    population = f["/indicator/population"]
    assert population.shape == (replicates, months, blocks) and population.dtype == np.float32
    assert f["/subdistrict/population"].shape == (replicates, months, subdistricts)
    assert f["/district/population"].shape == (replicates, months)
    for name in f["/district"]:
        attributes = f["/district/" + name].attrs
        for wanted in ("unit", "label", "definition", "interval", "status", "empty_set"):
            assert wanted in attributes, (name, wanted)

    # Counts add up from blocks; the subdivision is the table's.
    of = f["/blocks/subdistrict"][:]
    by_block = population[0].astype(np.int64)
    assert (by_block.sum(axis=1) == f["/district/population"][0]).all()
    for s in range(subdistricts):
        assert (by_block[:, of == s].sum(axis=1) == f["/subdistrict/population"][0, :, s]).all()

    # Causes add up to the change of every block and month, and nothing is left unbooked.
    causes = f["/causes"]
    names = [n.decode() for n in causes["causes"][:]]
    booked = np.zeros((months, blocks), np.int64)
    keep = causes["replicate"][:] == 0
    np.add.at(booked, (causes["month"][:][keep], causes["block"][:][keep]), causes["change"][:][keep])
    assert (np.diff(by_block, axis=0) == booked[1:]).all()
    assert not (causes["cause"][:] == names.index("unbooked")).any()

    # Money is int64; one replicate is its own mean and has no error.
    assert f["/district/subsidy_yuan"].dtype == np.int64
    statistics = [n.decode() for n in f["/summary/statistics"][:]]
    indicators = [n.decode() for n in f["/summary/indicators"][:]]
    summary = f["/summary/district"][:]
    row = indicators.index("population")
    assert (summary[statistics.index("mean"), row] == f["/district/population"][:].mean(axis=0)).all()
    if replicates == 1:
        assert np.isnan(summary[statistics.index("standard_error"), row]).all()

    spaces, uses = len(f["/spaces/code"]), len(f["/uses/code"])
    assert f["/permitted"].shape == (spaces, uses)
    assert f["/permitted"][:].max(initial=0) < len(f["/clauses"])
    assert (f["/events/space"][:] < spaces).all()
    assert f["/spaces/stage"].shape == (replicates, spaces)
print("sound")
