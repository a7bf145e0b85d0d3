package io.claviger.broker.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that prints: where to, and what it says and returns when it could not do its work. */
public abstract class CliCommand implements Callable<Integer> {

  /** The exit code of what did not work; picocli's own is 2, for wrong usage. */
  protected static final int FAILED = 1;

  @Spec private CommandSpec command = CommandSpec.create();

  /** Standard output; whoever prints something without a line's end flushes it. */
  protected final PrintWriter out() {
    return command.commandLine().getOut();
  }

  /** Standard error. */
  protected final PrintWriter err() {
    return command.commandLine().getErr();
  }

  /** What to throw when options do not say what they should. */
  protected final ParameterException usage(@Nullable String message) {
    return new ParameterException(command.commandLine(), String.valueOf(message));
  }

  /** Says on standard error what did not work, and returns {@link #FAILED}. */
  protected final int failed(@Nullable String problem) {
    err().println("claviger: " + problem);
    return FAILED;
  }
}
