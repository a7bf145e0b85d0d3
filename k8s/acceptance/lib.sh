# Sourced by demo.sh and run.sh, which set $context: installing, asking, and a line for each thing that was looked at.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
k8s=$(cd "$here/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
busybox=/opt/claviger/bin/busybox
demo_java="/usr/lib/jvm/claviger/bin/java -XX:TieredStopAtLevel=1 -jar /opt/claviger/demo.jar"
stand_in=http://sts.claviger.svc:8080
role=arn:aws:iam::111122223333:role/pods/checkout

kubectl() { command kubectl ${context:+--context "$context"} "$@"; }

ok() { printf 'ok       %s\n' "$*"; }
not_run() { printf 'not run  %s\n' "$*"; }

# fail TEXT [WHY]: what went wrong, indented under it.
fail() {
  printf 'FAIL     %s\n' "$1"
  [ -z "${2:-}" ] || printf '%s\n' "$2" | tail -n 12 | sed 's/^/         | /'
  failures=$((failures + 1))
}

# check TEXT COMMAND...: a line by whether the command succeeds, with its output where it does not.
check() {
  local text=$1 out started=$SECONDS
  shift
  if out=$("$@" 2>&1); then
    ok "$text ($((SECONDS - started)) s)"
  else
    fail "$text" "$out"
    return 1
  fi
}

# within SECONDS COMMAND...: asks again until the command succeeds; its last output is shown.
within() {
  local end=$((SECONDS + $1)) out
  shift
  until out=$("$@" 2>&1); do
    if [ "$SECONDS" -ge "$end" ]; then
      echo "$out"
      return 1
    fi
    sleep 0.2
  done
}

need() {
  command -v kubectl >/dev/null || { echo "there is no kubectl" >&2; exit 2; }
  kubectl get --raw /readyz >/dev/null || { echo "no cluster answers: set KUBECONFIG or --context" >&2; exit 2; }
  # All of them are made, and taken away with everything that is in them.
  for namespace in claviger kafka shop; do
    if kubectl get namespace "$namespace" >/dev/null 2>&1; then
      echo "there is a namespace $namespace already: this is for clusters without Claviger (k8s/README.md says how to uninstall)" >&2
      exit 2
    fi
  done
  if kubectl get crd podidentityassociations.claviger.io >/dev/null 2>&1; then
    echo "there are associations already: this is for clusters without Claviger (k8s/README.md says how to uninstall)" >&2
    exit 2
  fi
}

# relative FOLDER: the way up from it, as kustomize takes no absolute paths.
relative() { printf %s "$(cd "$1" && pwd -P)" | sed 's|/[^/]*|../|g; s|/$||'; }

# The folder of an overlay, or one that is it with the cluster's own issuer.
with_issuer() {
  local folder=$1 issuer
  issuer=$(kubectl get --raw /.well-known/openid-configuration | tr -d '\n' | sed -n 's/.*"issuer": *"\([^"]*\)".*/\1/p')
  [ -n "$issuer" ] || { echo "the cluster does not say who issues its tokens (/.well-known/openid-configuration)" >&2; return 1; }
  if kubectl kustomize "$folder" | grep -q -F -x "            issuer: $issuer"; then
    echo "$folder"
    return
  fi
  mkdir -p "$work/overlay"
  cat >"$work/overlay/kustomization.yaml" <<END
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: ["$(relative "$work/overlay")$folder"]
patches:
  - target: {kind: Deployment, name: claviger-broker}
    patch: |
      - op: add
        path: /spec/template/spec/containers/0/env/-
        value: {name: CLAVIGER_BROKER_CLUSTERS_0__ISSUER, value: "$issuer"}
END
  echo "$work/overlay"
}

# The guide's steps, ../README.md.
step_secrets() {
  "$k8s/../claviger" pki --out "$work/pki" && kubectl create namespace claviger && kubectl apply --server-side -f "$work/pki"
}

step_apply() {
  kubectl apply -k "$1" &&
    kubectl patch mutatingwebhookconfiguration claviger-pod-identity --patch-file "$work/pki/patches/webhook-ca-bundle.yaml"
}

step_ready() {
  kubectl -n claviger rollout status --timeout "${1:-180s}" deployment/claviger-broker &&
    kubectl -n claviger rollout status --timeout "${1:-180s}" daemonset/claviger-edge
}

step_pod() { kubectl apply -f "$k8s/examples/demo-pod.yaml"; }

step_associated() { kubectl -n shop wait --timeout 30s --for=condition=Ready podidentityassociation/checkout; }

ended() { [[ $(kubectl -n shop get pod "$1" -o jsonpath='{.status.phase}') =~ Succeeded|Failed ]]; }

# The logs of a pod that has ended have the role's ARN.
step_arn() {
  within 60 ended "$1"
  kubectl -n shop logs "$1" >"$work/arn" 2>&1
  cat "$work/arn"
  grep -q "\"Arn\": \"arn:aws:sts::[0-9]*:assumed-role/checkout/shop.checkout" "$work/arn"
}

# Where no broker runs, objects would keep their namespace and the CRD for ever.
give_up_finalizers() {
  kubectl get podidentityassociations --all-namespaces -o jsonpath='{range .items[*]}{.metadata.namespace} {.metadata.name}{"\n"}{end}' |
    while read -r namespace name; do
      kubectl -n "$namespace" patch podidentityassociation "$name" --type merge -p '{"metadata": {"finalizers": []}}'
    done
}

# Nothing is waited for that would need a broker once brokers are gone.
step_uninstall() {
  kubectl delete --ignore-not-found mutatingwebhookconfiguration claviger-pod-identity
  kubectl delete podidentityassociations --all-namespaces --all --timeout 60s || give_up_finalizers
  kubectl delete --ignore-not-found namespace shop --timeout 120s
  kubectl delete --ignore-not-found --timeout 180s -k "$1"
}

# Whatever has Claviger's name or label, in no namespace or in one that is left.
step_nothing_left() {
  local kind left
  # Of an API server that is away nothing is seen, which is not that nothing is left.
  kubectl get --raw /readyz >/dev/null || return 1
  left=$(
    kubectl get namespaces -o name | grep -E '/(claviger|kafka|shop)$'
    for kind in $(kubectl api-resources --namespaced=false --verbs=list -o name | grep -E 'clusterrole|webhook|definition|polic|priorityclass'); do
      kubectl get "$kind" -o name 2>/dev/null | grep claviger
    done
    kubectl get all,configmaps,secrets,leases,networkpolicies --all-namespaces -l app.kubernetes.io/part-of=claviger -o name 2>/dev/null
  )
  echo "$left"
  [ -z "$left" ]
}
