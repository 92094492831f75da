package dev.ritsem.multijvm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * JUnit 5 extension that starts real nodes and ends them, whatever the test did:
 *
 * <pre>{@code
 * @RegisterExtension final RealNodes nodes = new RealNodes();
 *
 * @Test
 * void keepsItsRecordsOverAKill(@TempDir Path directory) {
 *   RealNode node = nodes.start(directory);
 *   // ... any client at node.bootstrap() ...
 *   node.kill();
 *   node.start();
 * }
 * }</pre>
 *
 * <p>As an instance field the nodes live for one test, as a static field for all tests of the
 * class. When a test fails, the end of every node's log is printed.
 */
public final class RealNodes implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private final List<RealNode> nodes = new ArrayList<>();
  private boolean isPerClass;

  /** Starts a node with default settings; returns once it answers. */
  public RealNode start(Path directory) {
    return start(directory, NodeOptions.defaults());
  }

  /**
   * Starts a node; returns once it answers.
   *
   * @param directory an empty directory of the test, where the node gets a directory of its own
   */
  public RealNode start(Path directory, NodeOptions options) {
    return prepare(directory, options).start();
  }

  /** A node that has its port and its directory and is not started yet. */
  public RealNode prepare(Path directory, NodeOptions options) {
    int nodeId = nodes.size() + 1;
    RealNode node =
        new RealNode(NodeLauncher.chosen(), nodeId, directory.resolve("node-" + nodeId), options);
    nodes.add(node);
    return node;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    isPerClass = true;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (context.getExecutionException().filter(RealNodes::isFailure).isPresent()) {
      nodes.forEach(node -> System.err.println(node.logTail()));
    }
    if (!isPerClass) {
      destroyAll();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (context.getExecutionException().filter(RealNodes::isFailure).isPresent()) {
      nodes.forEach(node -> System.err.println(node.logTail()));
    }
    destroyAll();
  }

  private static boolean isFailure(Throwable thrown) {
    return !(thrown instanceof TestAbortedException);
  }

  private void destroyAll() {
    nodes.forEach(RealNode::destroy);
    nodes.clear();
  }
}
