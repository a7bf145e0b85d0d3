package io.claviger.broker.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command with output streams and a common way to report failures. */
public abstract class CliCommand implements Callable<Integer> {

  /** The exit code of a failed command. For wrong usage, picocli exits with 2. */
  protected static final int FAILED = 1;

  @Spec private CommandSpec command = CommandSpec.create();

  /** Standard output. After text without a line end, the command must flush. */
  protected final PrintWriter out() {
    return command.commandLine().getOut();
  }

  /** Standard error. */
  protected final PrintWriter err() {
    return command.commandLine().getErr();
  }

  /** Returns the exception to throw for wrong options. */
  protected final ParameterException usage(@Nullable String message) {
    return new ParameterException(command.commandLine(), String.valueOf(message));
  }

  /** Prints the problem on standard error and returns {@link #FAILED}. */
  protected final int failed(@Nullable String problem) {
    err().println("claviger: " + problem);
    return FAILED;
  }
}
