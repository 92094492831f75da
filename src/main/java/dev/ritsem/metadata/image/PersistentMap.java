package dev.ritsem.metadata.image;

import java.util.AbstractCollection;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map. A changed map shares all but a path of nodes with the one before it, so
 * that an image of very many topics costs little more to change than a small one: {@code put} and
 * {@code remove} take time and memory by the logarithm of the size.
 *
 * <p>It is an AVL tree: heights of siblings differ by one at most.
 *
 * @param <K> the order of the keys is their natural one
 */
final class PersistentMap<K extends Comparable<K>, V> {
  private final @Nullable Node<K, V> root;

  private PersistentMap(@Nullable Node<K, V> root) {
    this.root = root;
  }

  static <K extends Comparable<K>, V> PersistentMap<K, V> empty() {
    return new PersistentMap<>(null);
  }

  int size() {
    return size(root);
  }

  @Nullable V get(K key) {
    Node<K, V> node = root;
    while (node != null) {
      int order = key.compareTo(node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  PersistentMap<K, V> put(K key, V value) {
    return new PersistentMap<>(put(root, key, value));
  }

  PersistentMap<K, V> remove(K key) {
    return get(key) == null ? this : new PersistentMap<>(remove(root, key));
  }

  /** The values in order of their keys. */
  Collection<V> values() {
    return new Values<>(root, size(), null);
  }

  /** The values from the first key on that is not below the given one, in order of their keys. */
  Collection<V> valuesFrom(K first) {
    return new Values<>(root, size() - countBelow(first), first);
  }

  private int countBelow(K key) {
    int below = 0;
    Node<K, V> node = root;
    while (node != null) {
      if (node.key.compareTo(key) < 0) {
        below += size(node.left) + 1;
        node = node.right;
      } else {
        node = node.left;
      }
    }
    return below;
  }

  private static <K extends Comparable<K>, V> Node<K, V> put(
      @Nullable Node<K, V> node, K key, V value) {
    if (node == null) {
      return new Node<>(key, value, null, null);
    }
    int order = key.compareTo(node.key);
    if (order < 0) {
      return balanced(node, put(node.left, key, value), node.right);
    }
    if (order > 0) {
      return balanced(node, node.left, put(node.right, key, value));
    }
    return new Node<>(key, value, node.left, node.right);
  }

  private static <K extends Comparable<K>, V> @Nullable Node<K, V> remove(
      @Nullable Node<K, V> node, K key) {
    if (node == null) {
      return null;
    }
    int order = key.compareTo(node.key);
    if (order < 0) {
      return balanced(node, remove(node.left, key), node.right);
    }
    if (order > 0) {
      return balanced(node, node.left, remove(node.right, key));
    }
    if (node.left == null || node.right == null) {
      return node.left == null ? node.right : node.left;
    }
    Node<K, V> next = first(node.right);
    return balanced(next, node.left, remove(node.right, next.key));
  }

  private static <K extends Comparable<K>, V> Node<K, V> first(Node<K, V> node) {
    Node<K, V> first = node;
    for (Node<K, V> left = node.left; left != null; left = left.left) {
      first = left;
    }
    return first;
  }

  /** The entry of a node over two trees whose heights differ by two at most. */
  private static <K extends Comparable<K>, V> Node<K, V> balanced(
      Node<K, V> entry, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
    int lean = height(left) - height(right);
    if (lean > 1 && left != null) {
      Node<K, V> inner = left.right;
      if (inner != null && height(left.left) < height(inner)) {
        return inner.over(left.over(left.left, inner.left), entry.over(inner.right, right));
      }
      return left.over(left.left, entry.over(left.right, right));
    }
    if (lean < -1 && right != null) {
      Node<K, V> inner = right.left;
      if (inner != null && height(right.right) < height(inner)) {
        return inner.over(entry.over(left, inner.left), right.over(inner.right, right.right));
      }
      return right.over(entry.over(left, right.left), right.right);
    }
    return entry.over(left, right);
  }

  private static int height(@Nullable Node<?, ?> node) {
    return node == null ? 0 : node.height;
  }

  private static int size(@Nullable Node<?, ?> node) {
    return node == null ? 0 : node.size;
  }

  private static final class Node<K extends Comparable<K>, V> {
    private final K key;
    private final V value;
    private final @Nullable Node<K, V> left;
    private final @Nullable Node<K, V> right;
    private final int height;
    private final int size;

    Node(K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
      this.key = key;
      this.value = value;
      this.left = left;
      this.right = right;
      this.height = Math.max(height(left), height(right)) + 1;
      this.size = size(left) + size(right) + 1;
    }

    /** The same entry over other trees. */
    Node<K, V> over(@Nullable Node<K, V> newLeft, @Nullable Node<K, V> newRight) {
      return new Node<>(key, value, newLeft, newRight);
    }
  }

  /** A view of the values from a key on, or of all. */
  private static final class Values<K extends Comparable<K>, V> extends AbstractCollection<V> {
    private final @Nullable Node<K, V> root;
    private final int size;
    private final @Nullable K first;

    Values(@Nullable Node<K, V> root, int size, @Nullable K first) {
      this.root = root;
      this.size = size;
      this.first = first;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public Iterator<V> iterator() {
      return new InOrder<>(root, first);
    }
  }

  /** Walks the tree: the stack holds the nodes whose turn is still to come, with what is right. */
  private static final class InOrder<K extends Comparable<K>, V> implements Iterator<V> {
    private final Deque<Node<K, V>> ahead = new ArrayDeque<>();

    InOrder(@Nullable Node<K, V> root, @Nullable K first) {
      Node<K, V> node = root;
      while (node != null) {
        if (first == null || first.compareTo(node.key) <= 0) {
          ahead.push(node);
          node = node.left;
        } else {
          node = node.right;
        }
      }
    }

    @Override
    public boolean hasNext() {
      return !ahead.isEmpty();
    }

    @Override
    public V next() {
      if (ahead.isEmpty()) {
        throw new NoSuchElementException();
      }
      Node<K, V> node = ahead.pop();
      for (Node<K, V> next = node.right; next != null; next = next.left) {
        ahead.push(next);
      }
      return node.value;
    }
  }
}
