#!/usr/bin/env bash
# Fills corpus/plan and corpus/policy with small files of the repository, and corpus/selector with the paths in policies. Runs again without harm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p fuzz/corpus/plan fuzz/corpus/selector fuzz/corpus/policy

# The name says the folder too: most plans are called plan.json.
copy() { # TARGET; paths on standard input, each ended by a zero byte
  while IFS= read -r -d '' file; do
    cp -- "$file" "fuzz/corpus/$1/${file//\//-}"
  done
}

find testdata -type f ! -name '*.yaml' ! -name '*.md' ! -name '*.tf' -size -64k -print0 | copy plan
find policies testdata -type f -name '*.yaml' -size -64k -print0 | copy policy

# A few paths of every form, then those that policies use.
{
  printf '%s\n' '$' '$.a' "\$.labels['a.b']" '$.template[0].env[-1]' '$.template[*].image' '$..image' '$.template[0:2:1]' '$[?@.a == "x"]' \
    "\$.template[?@.port > 1 && !@.image || count(@.env) >= 2].env" "\$.template[?match(@.image, 'a.*')]" '@.image' '$["a","labels"]'
  find policies -type f -name '*.yaml' -exec sed -nE "s/.*\b(path|in): *['\"]?([\$@][^ '\"#]*).*/\2/p" {} + | sort -u
} | awk '{ file = sprintf("fuzz/corpus/selector/seed-%03d", NR); printf "%s", $0 > file; close(file) }'

for target in plan selector policy; do
  printf '%s: %d seeds\n' "$target" "$(find "fuzz/corpus/$target" -type f | wc -l)"
done
