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

    # Project by project, staff adds up to the shares of C4.4 and C4.5, and nobody is counted beyond the posts.
    projects = {name: f["/projects/" + name][:] for name in f["/projects"]}
    assert (projects["residents"] <= projects["filled"]).all() and (projects["filled"] <= projects["posts"]).all()
    assert (projects["registered_here"] <= projects["filled"]).all() and (projects["space"] < spaces).all()
    for heritage, name in ((0, "local_staff_livelihood"), (1, "local_staff_heritage")):
        for month in set(projects["month"]):
            for replicate in range(replicates):
                keep = (projects["month"] == month) & (projects["heritage"] == heritage) & (projects["replicate"] == replicate)
                filled, local = projects["filled"][keep].sum(), projects["residents"][keep].sum()
                share = f["/district/" + name][replicate, month]
                assert np.isnan(share) if filled == 0 else abs(local / filled - share) < 1e-6, (name, month, replicate)

    # What reports need besides: where places are, what a use counts to, what the pack says of itself.
    assert len(f["/uses/direction"]) == uses and f["/uses/direction"][:].max() <= 4
    assert len(f["/spaces/x_m"]) == spaces and np.isfinite(f["/spaces/x_m"][:]).all()
    assert len(f["/figures/name"]) == len(f["/figures/value"])
    assert len({len(f["/sources/" + name]) for name in f["/sources"]}) == 1
print("sound")
