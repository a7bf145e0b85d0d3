# Sourced by demo.sh and run.sh, which set $context: installation steps, requests, and one output line per check.
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

# fail TEXT [WHY]: prints the failed check, with the output indented below.
fail() {
  printf 'FAIL     %s\n' "$1"
  [ -z "${2:-}" ] || printf '%s\n' "$2" | tail -n 12 | sed 's/^/         | /'
  failures=$((failures + 1))
}

# check TEXT COMMAND...: prints ok if the command succeeds, else FAIL with its output.
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

# within SECONDS COMMAND...: repeats the command until it succeeds. If it never does, prints its last output.
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
  command -v kubectl >/dev/null || { echo "kubectl is not installed" >&2; exit 2; }
  kubectl get --raw /readyz >/dev/null || { echo "no cluster answers: set KUBECONFIG or --context" >&2; exit 2; }
  # The script creates these namespaces and deletes them with their contents.
  for namespace in claviger kafka shop; do
    if kubectl get namespace "$namespace" >/dev/null 2>&1; then
      echo "the namespace $namespace exists, but this script needs a cluster without Claviger: uninstall it (k8s/README.md, Uninstall)" >&2
      exit 2
    fi
  done
  if kubectl get crd podidentityassociations.claviger.io >/dev/null 2>&1; then
    echo "the CRD podidentityassociations.claviger.io exists, but this script needs a cluster without Claviger: uninstall it (k8s/README.md, Uninstall)" >&2
    exit 2
  fi
}

# relative FOLDER: the path from it to the root, because kustomize rejects absolute paths.
relative() { printf %s "$(cd "$1" && pwd -P)" | sed 's|/[^/]*|../|g; s|/$||'; }

# The overlay's folder. If its issuer differs from the cluster's, a copy with the cluster's issuer.
with_issuer() {
  local folder=$1 issuer
  issuer=$(kubectl get --raw /.well-known/openid-configuration | tr -d '\n' | sed -n 's/.*"issuer": *"\([^"]*\)".*/\1/p')
  [ -n "$issuer" ] || { echo "the cluster returns no issuer at /.well-known/openid-configuration" >&2; return 1; }
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

# The steps of the guide, ../README.md.
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

# The log of an ended pod has the role's ARN.
step_arn() {
  within 60 ended "$1"
  kubectl -n shop logs "$1" >"$work/arn" 2>&1
  cat "$work/arn"
  grep -q "\"Arn\": \"arn:aws:sts::[0-9]*:assumed-role/checkout/shop.checkout" "$work/arn"
}

# Without a running broker, the objects' finalizers would block the deletion of the namespace and the CRD for ever.
give_up_finalizers() {
  kubectl get podidentityassociations --all-namespaces -o jsonpath='{range .items[*]}{.metadata.namespace} {.metadata.name}{"\n"}{end}' |
    while read -r namespace name; do
      kubectl -n "$namespace" patch podidentityassociation "$name" --type merge -p '{"metadata": {"finalizers": []}}'
    done
}

# Deletes first what needs running brokers.
step_uninstall() {
  kubectl delete --ignore-not-found mutatingwebhookconfiguration claviger-pod-identity
  kubectl delete podidentityassociations --all-namespaces --all --timeout 60s || give_up_finalizers
  kubectl delete --ignore-not-found namespace shop --timeout 120s
  kubectl delete --ignore-not-found --timeout 180s -k "$1"
}

# Finds every object with Claviger's name or label, cluster-wide or in a remaining namespace.
step_nothing_left() {
  local kind left
  # An unreachable API server would return nothing, which would look like success.
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
