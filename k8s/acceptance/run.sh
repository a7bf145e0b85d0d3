#!/usr/bin/env bash
# Installs an overlay on the cluster of KUBECONFIG, whose nodes have the images, and checks the promises of k8s/README.md. Prints ok,
# FAIL or not run per check. Exit code 1 if one failed. Takes about ten minutes and needs a cluster without Claviger.
#   run.sh [--context CONTEXT] [--keep] [demo | production | DIRECTORY]
# demo (default): overlays/demo. production: one-node/, which is overlays/production with what its kustomization.yaml lists changed.
# DIRECTORY: your overlay with the component overlays/demo/stand-ins, whose stand-in for STS is called.
# Faults that depend on your cluster are commands in environment variables. Without them these checks do not run:
#   CLAVIGER_ROTATE_KEYS            makes the API server sign tokens with another key, and waits until it answers again
#   CLAVIGER_KILL_BROKER            kills (SIGKILL) the process of the broker's pod in its argument; without it the pod is deleted
#                                   without its grace period
#   CLAVIGER_SPLIT_BROKER           cuts the broker's pod in its first argument off from the other brokers' addresses, its other arguments
#   CLAVIGER_HEAL_BROKER            reconnects the broker's pod in its argument
#   CLAVIGER_STOP_API, _START_API   stops and starts the API server; _START_API waits until it answers again
set -u
context= keep= overlay=demo
while [ $# -gt 0 ]; do
  case $1 in
    --context) context=${2:?}; shift 2 ;;
    --keep) keep=yes; shift ;;
    -*) sed -n '2,13s/^# *//p' "$0" >&2; exit 2 ;;
    *) overlay=$1; shift ;;
  esac
done
. "$(dirname "$0")/lib.sh"
. "$here/checks.sh"
. "$here/faults.sh"
case $overlay in
  demo) overlay=$k8s/overlays/demo ;;
  production) overlay=$here/one-node ;;
  *) [ -e "$overlay/kustomization.yaml" ] || { echo "no overlay at $overlay: kustomization.yaml is missing" >&2; exit 2; } ;;
esac
need
overlay=$(with_issuer "$(cd "$overlay" && pwd -P)") || exit 2
kubectl kustomize "$overlay" >"$work/rendered.yaml" || exit 2
echo "cluster: $(kubectl version 2>/dev/null | sed -n 's/^Server Version: //p'), $(kubectl get nodes -o name | wc -l) node(s), $(
  kubectl get nodes -o jsonpath='{.items[0].status.nodeInfo.containerRuntimeVersion}, {.items[0].status.nodeInfo.kernelVersion}, {.items[0].status.nodeInfo.architecture}')"

if check "certificates and keys are created and in the cluster" step_secrets &&
  check "the overlay is applied, the webhook has its caBundle" step_apply "$overlay" &&
  check "brokers and edges are ready" within 300 all_ready; then
  look_at_members
  look_at_pods
  look_at_refusals
  look_at_deleted_pods
  look_at_rollouts
  look_at_the_api_server
else
  kubectl get pods --all-namespaces
fi
if [ -n "$keep" ]; then
  not_run "uninstall: --keep"
else
  check "uninstalled" step_uninstall "$overlay"
  check "nothing is left" within 60 step_nothing_left
fi
echo "$failures failed, $((SECONDS / 60)) min $((SECONDS % 60)) s"
[ "$failures" = 0 ]
