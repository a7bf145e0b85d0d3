package io.claviger.edge.credential;

import java.util.ArrayList;
import java.util.List;

/** Records what the package reports to its meters. */
final class CountingObserver implements CredentialObserver {

  final List<FlightResult> flights = new ArrayList<>();
  final List<RefreshResult> refreshes = new ArrayList<>();
  int outdated;
  int ended;

  @Override
  public synchronized void flight(FlightResult result) {
    flights.add(result);
  }

  @Override
  public void refresh(RefreshResult result) {
    refreshes.add(result);
  }

  @Override
  public void outdatedAnswer() {
    outdated++;
  }

  @Override
  public void ended() {
    ended++;
  }
}
