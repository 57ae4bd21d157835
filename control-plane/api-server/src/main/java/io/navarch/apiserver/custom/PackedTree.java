package io.navarch.apiserver.custom;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// A tree that is seldom looked at, kept small: a schema of 100 KB takes a tenth of that, and as a tree four times.
final class PackedTree implements Supplier<Map<String, Object>> {
    private final byte[] packed;
    private volatile Reference<Map<String, Object>> tree;

    PackedTree(Map<String, Object> tree) {
        packed = pack(Json.write(tree));
        this.tree = new WeakReference<>(tree);
    }

    private static byte[] pack(byte[] json) {
        var deflater = new Deflater(Deflater.BEST_SPEED);
        var bytes = new ByteArrayOutputStream(json.length / 8);
        try (var packing = new DeflaterOutputStream(bytes, deflater)) {
            packing.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    @Override
    public Map<String, Object> get() {
        var known = tree.get();
        if (known != null) return known;
        try (var unpacking = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            var made = View.of(Json.parse(unpacking.readAllBytes())).map();
            tree = new WeakReference<>(made);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
