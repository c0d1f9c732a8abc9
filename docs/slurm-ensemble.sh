#!/bin/bash
# Slurm job: 64 replicates over 2 nodes with 16 ranks each. Submit: sbatch docs/slurm-ensemble.sh scenarios/baseline.toml out.h5
# A job that was killed goes on when it is submitted again: finished replicates are taken from out.h5.parts.
#SBATCH --job-name=hutong
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=16
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=1G
#SBATCH --time=02:00:00
#SBATCH --requeue
set -euo pipefail
scenario=${1:?scenario file}
out=${2:?results file, on a file system that all nodes share}
hutong=${HUTONG:-hutong}

# The population cache is made once, by one process, so that the ranks only read it. It too must be on a shared file system.
export XDG_CACHE_HOME=${XDG_CACHE_HOME:-$PWD/cache}
srun --nodes=1 --ntasks=1 "$hutong" synth "$scenario" > /dev/null || true

mpirun "$hutong" ensemble "$scenario" --replicates 64 --out "$out" --resume --yes
