# Sourced by run.sh: the checks.

brokers() { kubectl -n claviger get pods -l app.kubernetes.io/name=claviger-broker --field-selector status.phase=Running -o name; }

# The autoscaler or the Deployment has the number of brokers.
wanted_brokers() {
  kubectl -n claviger get hpa claviger-broker -o jsonpath='{.spec.minReplicas}' 2>/dev/null ||
    kubectl -n claviger get deployment claviger-broker -o jsonpath='{.spec.replicas}'
}

all_ready() {
  local ready
  ready=$(kubectl -n claviger get deployment claviger-broker -o jsonpath='{.status.availableReplicas}')
  echo "${ready:-0} of $(wanted_brokers) brokers are available"
  [ "${ready:-0}" -ge "$(wanted_brokers)" ] && step_ready 60s
}

# Every broker reports all others as serving.
joined() {
  local broker wanted serving found=0
  wanted=$(wanted_brokers)
  for broker in $(brokers); do
    serving=$(kubectl -n claviger exec "$broker" -c broker -- "$busybox" wget -q -O - http://127.0.0.1:2706/metrics |
      sed -n 's/^claviger_peers{state="serving"[^}]*} \([0-9]*\).*/\1/p')
    echo "$broker: claviger_peers{state=\"serving\"} is ${serving:-not there}, $((wanted - 1)) wanted"
    [ "${serving:-x}" = $((wanted - 1)) ] && found=$((found + 1))
  done
  [ "$found" = "$wanted" ]
}

look_at_members() {
  check "$(wanted_brokers) brokers serve, and each sees the others" within 60 joined
}

has_stand_in() { grep -q 'name: sts$' "$work/rendered.yaml"; }

# client NAME [SERVICE_ACCOUNT [ARGUMENT...]]: a pod on the first node, with the demo's image. Without arguments it sleeps.
client() {
  local name=$1 account=${2:-checkout} arguments=
  [ $# -lt 2 ] || shift
  shift
  for argument in "$@"; do arguments="$arguments, \"$argument\""; done
  kubectl apply -f - <<END
apiVersion: v1
kind: Pod
metadata: {name: $name, namespace: shop}
spec:
  serviceAccountName: $account
  nodeName: $(kubectl get nodes -o jsonpath='{.items[0].metadata.name}')
  restartPolicy: Never
  terminationGracePeriodSeconds: 1
  containers:
    - name: client
      image: $(sed -n 's/^ *image: //p' "$k8s/examples/demo-pod.yaml")
      $(if [ -n "$arguments" ]; then echo "args: [${arguments#, }]"; else echo "command: [$busybox, sleep, 1d]"; fi)
      env: [{name: AWS_ENDPOINT_URL_STS, value: "$(has_stand_in && echo $stand_in)"}]
END
}

running() { kubectl -n shop wait --timeout 60s --for=condition=Ready "pod/$1"; }

started() { client "$@" && running "$1"; }

whoami() {
  kubectl -n shop exec "$1" -- $demo_java whoami >"$work/whoami" 2>&1
  cat "$work/whoami"
  grep -q "\"Arn\": \"arn:aws:sts::[0-9]*:assumed-role/checkout/shop.checkout" "$work/whoami"
}

token_of() { kubectl -n shop exec "$1" -- "$busybox" cat /var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token; }

# status POD ADDRESS TOKEN: the status that the edge of the pod's node returns for a token. The token is on no command line.
status() {
  printf %s "$3" | kubectl -n shop exec -i "$1" -- /bin/sh -c \
    "$busybox wget -S -q -O /dev/null --header \"Authorization: \$($busybox cat)\" http://$2/v1/credentials 2>&1" |
    sed -n 's/.*HTTP\/1\.[01] \([0-9]*\).*/\1/p' | head -n 1
}

answers() {
  local status
  status=$(status client "$1" "$(token_of client)")
  echo "status ${status:-none}"
  [ "$status" = 200 ]
}

# The number of calls for the role at the stand-in.
asked() {
  kubectl -n claviger exec deployment/sts -- "$busybox" wget -q -O - http://127.0.0.1:8080/_stand-in |
    sed -n "s|.*\"$role\" : \([0-9]*\).*|\1|p"
}

one_session() {
  echo "calls for the role at the stand-in: $(asked)"
  [ "$(asked)" = 1 ]
}

associated() {
  local said
  said=$(kubectl -n shop get podidentityassociation checkout -o \
    jsonpath='{.status.conditions[?(@.type=="Ready")].status} {.status.conditions[?(@.type=="Ready")].reason} {.status.associationId}')
  echo "$said"
  [[ $said == "True Associated a-"* ]]
}

look_at_pods() {
  check "a service account, its association and a pod are created in one apply" step_pod
  check "the association is ready" step_associated
  check "the object has condition and id" associated
  check "the pod that was created with its association has its role" step_arn who-am-i
  check "a pod that is created later starts" started client
  check "the later pod has its role" whoami client
  if has_stand_in; then check "both by one call of STS" one_session; else not_run "both by one call of STS: no stand-in"; fi
  check "credentials over IPv4" within 5 answers 169.254.170.23
  if [[ $(kubectl -n shop get pod client -o jsonpath='{.status.podIPs[*].ip}') == *:* ]]; then
    check "credentials over IPv6" within 5 answers '[fd00:ec2::23]'
  else
    not_run "credentials over IPv6: pods have no IPv6 addresses"
  fi
}

# association NAME SPEC: an object as JSON.
association() {
  printf '{"apiVersion": "claviger.io/v1alpha1", "kind": "PodIdentityAssociation", "metadata": {"name": "%s", "namespace": "shop"}, "spec": {%s}}' "$1" "$2"
}

# refused MESSAGE NAME SPEC: the API server rejects the object with this message.
refused() {
  local said
  said=$(association "$2" "$3" | kubectl apply --dry-run=server -f - 2>&1) && { echo "accepted: $said"; return 1; }
  echo "$said"
  [[ $said == *"$1"* ]]
}

condition() {
  local reason
  reason=$(kubectl -n shop get podidentityassociation "$1" -o jsonpath='{.status.conditions[?(@.type=="Ready")].reason}')
  echo "Ready: ${reason:-nothing yet}"
  [ "$reason" = "$2" ]
}

event() {
  local found
  found=$(kubectl -n shop get events --field-selector "involvedObject.name=$1,type=Warning" -o jsonpath='{range .items[*]}{.reason}: {.message}{"\n"}{end}')
  echo "$found"
  [[ $found == *"$2:"* ]]
}

# A kubeconfig with the token of an edge's pod. The token is on no command line.
edge_kubeconfig() {
  local server authority
  server=$(kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}')
  authority=$(kubectl config view --raw --minify --flatten -o jsonpath='{.clusters[0].cluster.certificate-authority-data}')
  (
    umask 077
    cat >"$work/edge.kubeconfig" <<END
apiVersion: v1
kind: Config
current-context: edge
clusters: [{name: cluster, cluster: {server: "$server", certificate-authority-data: "$authority"}}]
contexts: [{name: edge, context: {cluster: cluster, user: edge}}]
users: [{name: edge, user: {token: "$(kubectl -n claviger create token claviger-edge --bound-object-kind Pod --bound-object-name "$1")"}}]
END
  )
}

# Runs kubectl as an edge.
as_edge() {
  command kubectl --kubeconfig "$work/edge.kubeconfig" "$@"
}

edge_may_not() {
  local said
  said=$(as_edge label node "$1" claviger.io/acceptance=x --dry-run=server 2>&1) && { echo "permitted: $said"; return 1; }
  echo "$said"
  [[ $said == *"$2"* ]]
}

look_at_startup_taint() {
  local edge node other has_component=
  edge=$(kubectl -n claviger get pods -l app.kubernetes.io/name=claviger-edge -o jsonpath='{.items[0].metadata.name}')
  node=$(kubectl -n claviger get pod "$edge" -o jsonpath='{.spec.nodeName}')
  other=$(kubectl get nodes -o name | sed 's|node/||' | grep -v -x "$node" | head -n 1)
  # If the overlay has the component, it stays.
  grep -q 'name: claviger-edge-startup-taint$' "$work/rendered.yaml" && has_component=yes
  [ -n "$has_component" ] || kubectl apply -f "$k8s/components/startup-taint/rbac.yaml" >/dev/null
  edge_kubeconfig "$edge"
  check "an edge cannot change anything of its node but the startup taint" within 20 edge_may_not "$node" "may remove its startup taint and change nothing else"
  if [ -n "$other" ]; then
    check "an edge cannot change another node" within 20 edge_may_not "$other" "may change its own node only"
  else
    not_run "an edge cannot change another node: there is one node"
  fi
  # PreferNoSchedule keeps no pod off the node.
  kubectl taint node "$node" claviger.io/edge-not-ready=:PreferNoSchedule >/dev/null
  check "an edge can remove the startup taint from its node" within 20 as_edge taint node "$node" claviger.io/edge-not-ready- --dry-run=server
  kubectl taint node "$node" claviger.io/edge-not-ready- >/dev/null
  [ -n "$has_component" ] || kubectl delete -f "$k8s/components/startup-taint/rbac.yaml" >/dev/null
}

look_at_refusals() {
  local spec='"serviceAccount": "checkout", "roleArn": "'$role'"'
  check "an object with a policy and session tags is rejected" refused "policy needs disableSessionTags: true" other "$spec, \"policy\": \"{}\""
  check "a change of an object's service account is rejected" refused "serviceAccount cannot be changed" checkout "${spec/checkout/billing}"
  check "an object with an AWS tag is rejected" refused "keys that start with aws: are reserved" other "$spec, \"tags\": {\"aws:x\": \"y\"}"
  check "an object with another tag scope is rejected" refused "tag-scope is service-account or pod" other "$spec, \"tags\": {\"claviger.io/tag-scope\": \"node\"}"
  look_at_startup_taint
  association admin "\"serviceAccount\": \"admin\", \"roleArn\": \"${role/pods\/checkout/admin}\"" | kubectl apply -f - >/dev/null
  check "an object without a grant has the reason RoleNotPermitted" within 30 condition admin RoleNotPermitted
  if ! has_stand_in; then
    not_run "a pod whose role does not trust brokers has an Event RoleRefused: no stand-in"
    return
  fi
  kubectl -n shop create serviceaccount billing >/dev/null
  association billing "\"serviceAccount\": \"billing\", \"roleArn\": \"${role/checkout/billing}\"" | kubectl apply -f - >/dev/null
  within 30 condition billing Associated >/dev/null
  client billing billing whoami >/dev/null
  check "a pod whose role does not trust brokers has an Event RoleRefused" within 30 event billing RoleRefused
}

# gone TOKEN: the edge refuses it. A pod on the same node sends it.
gone() {
  local status
  status=$(status client 169.254.170.23 "$1")
  echo "status ${status:-none}"
  [[ $status == 4* ]]
}

look_at_deleted_pods() {
  local never
  if ! check "two pods start" eval 'started shown && started silent'; then return; fi
  deleted=$(token_of shown) never=$(token_of silent)
  check "the first pod is served" eval '[ "$(status shown 169.254.170.23 "$deleted")" = 200 ]'
  kubectl -n shop delete pod shown silent --wait >/dev/null
  check "the deleted pod's token is refused within 5 s" within 5 gone "$deleted"
  check "the token of a deleted pod that never used it is refused within 5 s" within 5 gone "$never"
}
