package io.navarch.apiserver.cache;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// An immutable map from strings to values in the order of the keys (a B+ tree). A change makes a new tree that shares
/// all but one path with the old one, so that readers hold on to a state of the whole at the cost of a reference.
///
/// `put`, `remove`, `get` and `rank` take logarithmic time.
public final class SortedTree<V> {
    private static final int MAX = 64;
    private static final int MIN = MAX / 4;

    private final Node root;

    private SortedTree(Node root) {
        this.root = root;
    }

    public static <V> SortedTree<V> empty() {
        return new SortedTree<>(new Leaf(new String[0], new Object[0]));
    }

    private sealed interface Node permits Leaf, Branch {
        int size();

        /// Number of entries, or of children.
        int width();

        String first();

        /// One node, or the two halves of one that has become too wide.
        Node[] put(String key, Object value);

        /// The node without the key; itself when it does not have it.
        Node remove(String key);

        Node joined(Node next);
    }

    private record Leaf(String[] keys, Object[] values) implements Node {
        @Override
        public int size() {
            return keys.length;
        }

        @Override
        public int width() {
            return keys.length;
        }

        @Override
        public String first() {
            return keys[0];
        }

        @Override
        public Node[] put(String key, Object value) {
            int at = Arrays.binarySearch(keys, key);
            if (at >= 0) {
                var changed = values.clone();
                changed[at] = value;
                return new Node[] {new Leaf(keys, changed)};
            }
            var moreKeys = with(keys, -at - 1, key);
            var moreValues = with(values, -at - 1, value);
            if (moreKeys.length <= MAX) return new Node[] {new Leaf(moreKeys, moreValues)};
            // Keys often come in order: a full leaf at the end stays nearly full.
            int cut = -at - 1 == keys.length ? MAX - MIN : MAX / 2;
            return new Node[] {
                new Leaf(Arrays.copyOf(moreKeys, cut), Arrays.copyOf(moreValues, cut)),
                new Leaf(
                        Arrays.copyOfRange(moreKeys, cut, moreKeys.length),
                        Arrays.copyOfRange(moreValues, cut, moreValues.length))
            };
        }

        @Override
        public Node remove(String key) {
            int at = Arrays.binarySearch(keys, key);
            return at < 0 ? this : new Leaf(without(keys, at), without(values, at));
        }

        @Override
        public Node joined(Node next) {
            var other = (Leaf) next;
            return new Leaf(concat(keys, other.keys), concat(values, other.values));
        }
    }

    private record Branch(String[] firsts, Node[] children, int size) implements Node {
        static Branch of(Node[] children) {
            var firsts = new String[children.length];
            int size = 0;
            for (int i = 0; i < children.length; i++) {
                firsts[i] = children[i].first();
                size += children[i].size();
            }
            return new Branch(firsts, children, size);
        }

        @Override
        public int width() {
            return children.length;
        }

        @Override
        public String first() {
            return firsts[0];
        }

        int childOf(String key) {
            int at = Arrays.binarySearch(firsts, key);
            return at >= 0 ? at : Math.max(0, -at - 2);
        }

        @Override
        public Node[] put(String key, Object value) {
            int at = childOf(key);
            var made = children[at].put(key, value);
            var changed = children;
            if (made.length == 1) {
                changed = children.clone();
                changed[at] = made[0];
            } else {
                changed = with(children, at, made[0]);
                changed[at + 1] = made[1];
            }
            if (changed.length <= MAX) return new Node[] {of(changed)};
            int cut = at == children.length - 1 ? MAX - MIN : MAX / 2;
            return new Node[] {of(Arrays.copyOf(changed, cut)), of(Arrays.copyOfRange(changed, cut, changed.length))};
        }

        @Override
        public Node remove(String key) {
            int at = childOf(key);
            var left = children[at].remove(key);
            if (left == children[at]) return this;
            if (left.size() == 0) return of(without(children, at));
            var changed = children.clone();
            changed[at] = left;
            if (left.width() < MIN) {
                int with = at > 0 ? at - 1 : at + 1;
                if (with < changed.length && changed[with].width() + left.width() <= MAX / 2) {
                    int low = Math.min(at, with);
                    changed[low] = changed[low].joined(changed[low + 1]);
                    changed = without(changed, low + 1);
                }
            }
            return of(changed);
        }

        @Override
        public Node joined(Node next) {
            return of(concat(children, ((Branch) next).children));
        }
    }

    private static <T> T[] with(T[] array, int at, T value) {
        var result = Arrays.copyOf(array, array.length + 1);
        System.arraycopy(array, at, result, at + 1, array.length - at);
        result[at] = value;
        return result;
    }

    private static <T> T[] without(T[] array, int at) {
        var result = Arrays.copyOf(array, array.length - 1);
        System.arraycopy(array, at + 1, result, at, array.length - at - 1);
        return result;
    }

    private static <T> T[] concat(T[] first, T[] second) {
        var result = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, result, first.length, second.length);
        return result;
    }

    public int size() {
        return root.size();
    }

    /// The value of a key, `null` when there is none.
    @SuppressWarnings("unchecked")
    public @Nullable V get(String key) {
        var node = root;
        while (node instanceof Branch branch) node = branch.children[branch.childOf(key)];
        var leaf = (Leaf) node;
        int at = Arrays.binarySearch(leaf.keys, key);
        return at < 0 ? null : (V) leaf.values[at];
    }

    public SortedTree<V> put(String key, V value) {
        var made = root.put(key, value);
        return new SortedTree<>(made.length == 1 ? made[0] : Branch.of(made));
    }

    public SortedTree<V> remove(String key) {
        var left = root.remove(key);
        if (left == root) return this;
        while (left instanceof Branch branch && branch.children.length == 1) left = branch.children[0];
        return left.size() == 0 ? empty() : new SortedTree<>(left);
    }

    /// How many keys come before this one.
    public int rank(String key) {
        int before = 0;
        var node = root;
        while (node instanceof Branch branch) {
            int at = branch.childOf(key);
            for (int i = 0; i < at; i++) before += branch.children[i].size();
            node = branch.children[at];
        }
        int at = Arrays.binarySearch(((Leaf) node).keys, key);
        return before + (at >= 0 ? at : -at - 1);
    }

    /// The values of keys from `start` (inclusive) to `end` (exclusive).
    public Iterable<V> range(String start, String end) {
        return () -> new Walk(start, end);
    }

    private final class Walk implements Iterator<V> {
        private final String end;
        private final Branch[] path = new Branch[12];
        private final int[] places = new int[12];
        private int depth;
        /// `null` once all leaves have been walked.
        private @Nullable Leaf leaf;

        private int at;
        /// Where the range ends in the leaf: keys are compared once a leaf, not once an entry.
        private int stop;

        Walk(String start, String end) {
            this.end = end;
            var node = root;
            while (node instanceof Branch branch) {
                path[depth] = branch;
                places[depth] = branch.childOf(start);
                node = branch.children[places[depth++]];
            }
            var first = (Leaf) node;
            int found = Arrays.binarySearch(first.keys, start);
            enter(first, found >= 0 ? found : -found - 1);
            if (at == first.keys.length) nextLeaf();
        }

        private void nextLeaf() {
            int level = depth - 1;
            while (level >= 0 && places[level] == path[level].children.length - 1) level--;
            if (level < 0) {
                leaf = null;
                return;
            }
            Node node = path[level].children[++places[level]];
            while (node instanceof Branch branch) {
                path[++level] = branch;
                places[level] = 0;
                node = branch.children[0];
            }
            enter((Leaf) node, 0);
        }

        private void enter(Leaf next, int from) {
            leaf = next;
            at = from;
            int count = next.keys.length;
            if (count == 0 || next.keys[count - 1].compareTo(end) < 0) {
                stop = count;
                return;
            }
            int found = Arrays.binarySearch(next.keys, end);
            stop = found >= 0 ? found : -found - 1;
        }

        @Override
        public boolean hasNext() {
            return leaf != null && at < stop;
        }

        @Override
        @SuppressWarnings("unchecked")
        public V next() {
            var current = leaf;
            if (current == null || at >= stop) throw new NoSuchElementException();
            var value = (V) current.values[at];
            if (++at == current.keys.length) nextLeaf();
            return value;
        }
    }
}
