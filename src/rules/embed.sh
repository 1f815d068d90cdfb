#!/bin/sh
# embed.sh FILE...: the C++ source that holds rule files as string literals, see rule.hpp.
set -eu

texts() {
    printf '\nconst RuleText %s[] = {\n' "$1"
    shift
    for file in "$@"; do
        # Literals of one compiler may be limited in length: a line is one, and they are joined.
        printf '    {"%s",\n' "$(basename "$file" .sql)"
        sed 's/[\\"]/\\&/g; s/^/     "/; s/$/\\n"/' "$file"
        printf '    },\n'
    done
    printf '    {nullptr, nullptr},\n};\n'
}

rules='' inputs=''
for file in "$@"; do
    case $file in
        */inputs/*) inputs="$inputs $file" ;;
        *) rules="$rules $file" ;;
    esac
done
printf '/* Made by src/rules/embed.sh from the files of src/rules. */\n#include "rules/rule.hpp"\n\nnamespace pg_advisor\n{\n'
# shellcheck disable=SC2086
texts kRuleTexts $rules
# shellcheck disable=SC2086
texts kInputTexts $inputs
printf '\n} // namespace pg_advisor\n'
