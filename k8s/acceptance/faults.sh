# Sourced by run.sh: faults while a pod fetches credentials 50 times a second. Every fetch must succeed.

# The last line of the pod that fetches repeatedly.
loaded() { kubectl -n shop logs load --tail 200 | grep ' fetches, ' | tail -n 1; }

# none_failed COMMAND...: no fetch fails while the command runs and for 10 s afterwards.
none_failed() {
  local before after result
  kubectl -n shop delete pod load --ignore-not-found --wait
  client load checkout load pod --rate=50 --for=30m && running load && within 30 loaded_some || return 1
  before=$(loaded)
  "$@"
  result=$?
  # The SDK retries for some seconds before it fails.
  sleep 10
  after=$(loaded)
  kubectl -n shop delete pod load --wait
  [ "$result" = 0 ] || return 1
  echo "before: $before"
  echo "after:  $after"
  [[ $after == *", 0 failed,"* ]] && [ "${after%% *}" -gt "${before%% *}" ]
}

loaded_some() { [ -n "$(loaded)" ]; }

rolled_out() { kubectl -n claviger rollout restart "$1" && kubectl -n claviger rollout status --timeout 300s "$1"; }

# CLAVIGER_KILL_BROKER kills the named pod's process. Without it, the pod is deleted without its grace period.
killed() {
  local broker
  broker=$(brokers | head -n 1)
  if [ -n "${CLAVIGER_KILL_BROKER:-}" ]; then
    eval "$CLAVIGER_KILL_BROKER ${broker#pod/}" || return 1
  else
    kubectl -n claviger delete --grace-period 0 --force "$broker"
  fi
  within 120 all_ready
}

# CLAVIGER_SPLIT_BROKER cuts the named broker's pod off from the addresses of the other brokers, its further arguments. A new pod must still
# get its role. CLAVIGER_HEAL_BROKER reconnects the broker.
split() {
  local broker served
  broker=$(brokers | head -n 1)
  eval "$CLAVIGER_SPLIT_BROKER ${broker#pod/} $(brokers | tail -n +2 | while read -r other; do
    kubectl -n claviger get "$other" -o jsonpath='{.status.podIPs[*].ip} '
  done)" || return 1
  sleep 30
  # Fails if the command has not cut the broker off.
  ! joined && started split && whoami split
  served=$?
  sleep 30
  eval "$CLAVIGER_HEAL_BROKER ${broker#pod/}" && within 120 joined && [ "$served" = 0 ]
}

look_at_rollouts() {
  check "brokers are replaced under 50 fetches a second: none fails" none_failed rolled_out deployment/claviger-broker
  check "each broker sees the others again" within 60 joined
  check "a broker is killed under 50 fetches a second: none fails" none_failed killed
  if [ -n "${CLAVIGER_SPLIT_BROKER:-}" ] && [ -n "${CLAVIGER_HEAL_BROKER:-}" ]; then
    check "a broker is cut off from the others for a minute, under 50 fetches a second: none fails, a new pod has its role" none_failed split
  else
    not_run "a broker is cut off from the others: CLAVIGER_SPLIT_BROKER and CLAVIGER_HEAL_BROKER are not set"
  fi
  check "edges are replaced under 50 fetches a second: none fails" none_failed rolled_out daemonset/claviger-edge
  if [ -n "${deleted:-}" ]; then
    check "the deleted pod's token is still refused, within 5 s" within 5 gone "$deleted"
  fi
}

rotated() { eval "$CLAVIGER_ROTATE_KEYS" && started rotated && whoami rotated; }

api_server_down() {
  eval "$CLAVIGER_STOP_API" || return 1
  sleep 30
  eval "$CLAVIGER_START_API"
}

look_at_the_api_server() {
  if [ -n "${CLAVIGER_ROTATE_KEYS:-}" ]; then
    check "the API server signs with another key: a new pod has its role, and no pod's fetch fails" none_failed rotated
  else
    not_run "another signing key: CLAVIGER_ROTATE_KEYS is not set"
  fi
  if [ -n "${CLAVIGER_STOP_API:-}" ] && [ -n "${CLAVIGER_START_API:-}" ]; then
    check "the API server is down for 30 s: no pod's fetch fails" none_failed api_server_down
  else
    not_run "the API server is down: CLAVIGER_STOP_API and CLAVIGER_START_API are not set"
  fi
}
