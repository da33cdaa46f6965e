# Completes the line $1 in a zsh on a terminal, as a person does, with the script $2. $3 is an empty folder: what is
# offered is then in its file `offered`, a line each, and (end) after it.

zmodload zsh/zpty
export ZDOTDIR=$3 OFFERED=$3/offered SCRIPT=$2

cat >$ZDOTDIR/.zshrc <<'END'
PROMPT=
autoload -Uz compinit
compinit -D -u
source $SCRIPT
bindkey '^I' complete-word
compadd() {
  local -a hits
  # With these it only looks, and adds nothing.
  if [[ "${@[1,(i)(-|--)]}" != *-(O|A|D)\ * ]]; then
    builtin compadd -O hits "$@"
    print -rl -- $hits >>$OFFERED
  fi
  builtin compadd "$@"
}
ended() { print -r -- '(end)' >>$OFFERED }
comppostfuncs=(ended)
zle-line-init() { print -r -- '(ready)' >>$OFFERED }
zle -N zle-line-init
END

await() { until grep -qsFx -- "$1" $OFFERED || ((SECONDS > 15)); do sleep 0.02; done }

zpty -b shell zsh -i
await '(ready)'
zpty -w -n shell "$1"$'\t'
await '(end)'
zpty -d shell
