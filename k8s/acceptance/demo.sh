#!/usr/bin/env bash
# ./claviger demo: the five minutes of k8s/README.md, one line per step, on a cluster whose nodes have the images. Then it
# uninstalls everything.
#   demo.sh [--context CONTEXT] [--keep]
set -u
context= keep=
while [ $# -gt 0 ]; do
  case $1 in
    --context) context=${2:?}; shift 2 ;;
    --keep) keep=yes; shift ;;
    *) sed -n '2,4s/^# *//p' "$0" >&2; exit 2 ;;
  esac
done
. "$(dirname "$0")/lib.sh"
need
started=$SECONDS

walk() {
  overlay=$(with_issuer "$k8s/overlays/demo") || return 1
  check "certificates and keys are created and in the cluster" step_secrets &&
    check "the overlay demo is applied, the webhook has its caBundle" step_apply "$overlay" &&
    check "brokers and edges are ready" step_ready &&
    check "a service account, its association and a pod are created" step_pod &&
    check "the association is ready" step_associated &&
    check "the pod has its role" step_arn who-am-i
}

if walk; then
  cat "$work/arn"
  echo "         $((SECONDS - started)) s from an empty cluster"
else
  kubectl get pods --all-namespaces
  kubectl -n shop get events --field-selector type=Warning 2>/dev/null
fi
if [ -n "$keep" ]; then
  echo "kept: to uninstall, see k8s/README.md, Uninstall"
else
  check "everything is uninstalled" step_uninstall "$overlay"
  check "nothing is left" within 60 step_nothing_left
fi
[ "$failures" = 0 ]
