package io.claviger.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.localmesh.MeshException;
import io.claviger.reference.Declared.Form;
import io.claviger.reference.Meter.Tag;
import io.claviger.reference.Meter.Value;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MeterDocTest {

  private static Meter read(String meter, String doc) {
    return MeterDoc.read("Meters.X", meter, doc, name -> List.of(constant("HIT_IT", "At once.")));
  }

  private static Declared constant(String name, String doc) {
    return new Declared(Form.ENUM_CONSTANT, name, "E", doc, Optional.empty(), List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "claviger.a.b,Counter: things.,claviger_a_b_total",
    "claviger.a.b,Gauge: things.,claviger_a_b",
    "claviger.a.age,Gauge in seconds: since then.,claviger_a_age_seconds",
    "claviger.a.age.seconds,Gauge in seconds: since then.,claviger_a_age_seconds",
    "claviger.a.calls,Timer: calls.,claviger_a_calls_seconds",
    "claviger.a.batch,Distribution: how many.,claviger_a_batch"
  })
  void aMeterIsNamedAsPrometheusShowsIt(String meter, String doc, String name) {
    assertThat(read(meter, doc).name()).isEqualTo(name);
  }

  @Test
  void theSeriesOfATimerAreItsOwn() {
    Meter timer = read("claviger.a.calls", "Timer: calls.");

    assertThat(timer.hasSeries("claviger_a_calls_seconds_max")).isTrue();
    assertThat(timer.hasSeries("claviger_a_calls_seconds")).isFalse();
    assertThat(timer.hasSeries("claviger_a_calls_seconds_extra_max")).isFalse();
  }

  @Test
  void aTagHasTheValuesThatAreStated() {
    Meter meter =
        read("claviger.a", "Counter by `result` (ok, not-ok) and `cluster`: how it went: well.");

    assertThat(meter.tags())
        .containsExactly(
            new Tag("result", List.of(new Value("ok", ""), new Value("not-ok", ""))),
            new Tag("cluster", List.of()));
    assertThat(meter.meaning()).isEqualTo("How it went: well.");
  }

  @Test
  void aTagHasTheValuesOfTheEnumThatIsLinked() {
    assertThat(read("claviger.a", "Counter by `result` ({@link Some.E}): things.").tags())
        .containsExactly(new Tag("result", List.of(new Value("hit_it", "At once."))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Things.", "Things; counter.", "Counter, by `result`: things."})
  void aConstantThatDoesNotSayWhatItIsIsNamed(String doc) {
    assertThatThrownBy(() -> read("claviger.a", doc))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("Meters.X");
  }
}
