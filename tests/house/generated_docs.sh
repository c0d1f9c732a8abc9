#!/usr/bin/env bash
# generated_docs.sh HUTONG SOURCE: the tables that are made from the declarations are those of this version.
set -euo pipefail
hutong=$1 source=$2
for table in parameters policy; do
    "$hutong" --lang en "$table" --markdown | diff - "$source/docs/$table.md" >/dev/null ||
        { echo "docs/$table.md is not what the code declares: ./dev docs"; exit 1; }
done
