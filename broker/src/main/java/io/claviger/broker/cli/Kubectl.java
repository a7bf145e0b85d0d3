package io.claviger.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs {@code kubectl get ... -o json} with the operator's kubeconfig. */
@FunctionalInterface
interface Kubectl {

  /** The program on the path. It times out when the API server does not answer. */
  Kubectl PROGRAM = Kubectl::run;

  /**
   * Runs kubectl and parses its output.
   *
   * @throws IOException when kubectl is missing or fails; kubectl prints why on standard error
   */
  JsonNode get(List<String> arguments) throws IOException, InterruptedException;

  private static JsonNode run(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kubectl", "--request-timeout=60s"));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    JsonNode answer = JsonMapper.builder().build().readTree(process.getInputStream());
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException("kubectl ended with exit code " + code);
    }
    return answer;
  }
}
