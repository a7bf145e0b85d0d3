package io.claviger.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * The scale of a plot's axis.
 *
 * @param least value, at 0
 * @param most value, at 1
 * @param logarithmic whether equal ratios have equal lengths
 */
record Axis(double least, double most, boolean logarithmic) {

  private static final int LINES = 5;
  private static final double[] STEPS = {1, 2, 5, 10};

  /** From 0 to a round value. */
  static Axis linear(double most) {
    double top = most > 0 ? most : 1;
    double step = step(top);
    return new Axis(0, Math.ceil(top / step) * step, false);
  }

  /** Powers of ten with their fifths and halves; values of 0 and less are at the minimum. */
  static Axis logarithmic(double least, double most) {
    double low = least > 0 ? least : most > 0 ? most / 1_000 : 0.1;
    double from = powerBelow(low);
    double to = Math.pow(10, Math.ceil(Math.log10(Math.max(most, from * 1.01))));
    return new Axis(
        low >= from * 5 ? from * 5 : low >= from * 2 ? from * 2 : from,
        most <= to / 5 ? to / 5 : most <= to / 2 ? to / 2 : to,
        true);
  }

  private static double step(double top) {
    double power = powerBelow(top / LINES);
    for (double step : STEPS) {
      if (top / (step * power) <= LINES) {
        return step * power;
      }
    }
    return 10 * power;
  }

  /** The greatest power of ten that is not above the value. */
  private static double powerBelow(double value) {
    return Math.pow(10, -Math.ceil(-Math.log10(value)));
  }

  /** The position from 0 to 1. */
  double at(double value) {
    if (!logarithmic) {
      return (value - least) / (most - least);
    }
    double part = Math.log(Math.max(value, least) / least) / Math.log(most / least);
    return Math.min(part, 1);
  }

  /** Values of the grid lines. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (!logarithmic) {
      double step = step(most);
      for (int i = 0; i * step <= most * 1.001; i++) {
        ticks.add(i * step);
      }
      return ticks;
    }
    boolean fewDecades = most / least <= 2_000;
    for (double power = powerBelow(least); power <= most * 1.001; power *= 10) {
      for (double step : fewDecades ? new double[] {1, 2, 5} : new double[] {1}) {
        if (step * power >= least * 0.999 && step * power <= most * 1.001) {
          ticks.add(step * power);
        }
      }
    }
    return ticks;
  }
}
