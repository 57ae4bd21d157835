package io.navarch.tracing;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/// Spans as collectors are sent them: an `ExportTraceServiceRequest` of OTLP, by its published numbers of fields.
///
/// Source: https://opentelemetry.io/docs/specs/otlp/
final class SpanMessages {
    private static final String SCOPE = "io.navarch.tracing";
    private static final int INTERNAL = 1;
    private static final int SERVER = 2;
    private static final int ERROR = 2;
    private static final int SAMPLED = 1;

    /// Writes the fields of a message.
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private SpanMessages() {}

    private static byte[] message(Fields fields) {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes, 512);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// @param resource attributes of this process
    /// @param spans each as [#span] has made it
    static byte[] request(Map<String, Object> resource, List<byte[]> spans) {
        return message(request -> request.writeByteArray(1, message(ofResource -> {
            ofResource.writeByteArray(1, message(out -> attributes(out, 1, resource)));
            ofResource.writeByteArray(2, message(ofScope -> {
                ofScope.writeByteArray(1, message(scope -> scope.writeString(1, SCOPE)));
                for (var span : spans) ofScope.writeByteArray(2, span);
            }));
        })));
    }

    static byte[] span(Span span) {
        return message(out -> {
            out.writeByteArray(1, trace(span.trace()));
            out.writeByteArray(2, bytes(span.id()));
            if (!span.trace().state().isEmpty()) out.writeString(3, span.trace().state());
            if (span.parent() != 0) out.writeByteArray(4, bytes(span.parent()));
            out.writeString(5, span.name());
            out.writeEnum(6, span.server() ? SERVER : INTERNAL);
            out.writeFixed64(7, span.since());
            out.writeFixed64(8, span.until());
            attributes(out, 9, span.attributes());
            if (span.link().isPresent()) {
                var link = span.link().get();
                out.writeByteArray(13, message(linked -> {
                    linked.writeByteArray(1, trace(link));
                    linked.writeByteArray(2, bytes(link.span()));
                    if (!link.state().isEmpty()) linked.writeString(3, link.state());
                }));
            }
            if (span.failed()) out.writeByteArray(15, message(status -> status.writeEnum(3, ERROR)));
            out.writeFixed32(16, SAMPLED);
        });
    }

    private static byte[] trace(TraceContext trace) {
        return ByteBuffer.allocate(16)
                .putLong(trace.high())
                .putLong(trace.low())
                .array();
    }

    private static byte[] bytes(long id) {
        return ByteBuffer.allocate(8).putLong(id).array();
    }

    private static void attributes(CodedOutputStream out, int field, Map<String, Object> attributes)
            throws IOException {
        for (var each : attributes.entrySet()) {
            out.writeByteArray(field, message(pair -> {
                pair.writeString(1, each.getKey());
                pair.writeByteArray(2, message(value -> {
                    if (each.getValue() instanceof Number number) value.writeInt64(3, number.longValue());
                    else value.writeString(1, String.valueOf(each.getValue()));
                }));
            }));
        }
    }
}
