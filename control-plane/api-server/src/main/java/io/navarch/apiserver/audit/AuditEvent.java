package io.navarch.apiserver.audit;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.AuditLevel;
import io.navarch.apiserver.request.AuditRecord;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Status;
import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.User;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An event of a call as it is written. What does not change from one of its events to the next is made once.
///
/// Source: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
final class AuditEvent {
    /// Of what clients say they are.
    private static final int MOST_AGENT = 1024;
    private static final String TRUNCATED = "audit.k8s.io/truncated";

    private final String quotedId;
    private final String id;
    private final ApiRequest request;
    private final User user;
    private final String call;
    private final List<String> addresses;
    private final String agent;
    private final String from;
    private final Instant received;
    private final String receivedText;
    private String reference = "";

    /// @param user who calls, not who he acts as
    AuditEvent(String id, ApiRequest request, User user, Instant received) {
        this.id = id;
        this.request = request;
        this.user = user;
        this.received = received;
        quotedId = Json.writeString(id);
        call = ",\"requestURI\":" + Json.writeString(request.call().uri()) + ",\"verb\":"
                + Json.writeString(request.info().verb()) + ",\"user\":" + Json.writeString(tree(user));
        agent = agent(request.call().header("User-Agent"));
        addresses = SourceAddresses.of(request.call());
        from = ",\"sourceIPs\":" + Json.writeString(addresses)
                + (agent.isEmpty() ? "" : ",\"userAgent\":" + Json.writeString(agent));
        receivedText = Timestamps.micros(received);
    }

    private static String agent(String sent) {
        return sent.length() > MOST_AGENT ? sent.substring(0, MOST_AGENT) + "...TRUNCATED" : sent;
    }

    private static Map<String, Object> tree(User user) {
        return Trees.map(
                "username", user.name().isEmpty() ? null : user.name(),
                "uid", user.uid().isEmpty() ? null : user.uid(),
                "groups", user.groups().isEmpty() ? null : user.groups(),
                "extra", user.extra().isEmpty() ? null : user.extra());
    }

    /// What is told of the call now.
    ///
    /// @param acting who the caller acts as
    /// @param status what was answered, if anything was
    AuditEntry at(
            AuditStage stage,
            AuditRecord record,
            Optional<User> acting,
            Optional<Map<String, Object>> status,
            Instant now) {
        var reached = stage == AuditStage.REQUEST_RECEIVED ? receivedText : Timestamps.micros(now);
        return new Entry(
                stage, record, acting, status, reached, record.truncated(), stage != AuditStage.REQUEST_RECEIVED);
    }

    private final class Entry implements AuditEntry {
        private final AuditStage stage;
        private final AuditRecord record;
        private final Optional<User> acting;
        private final Optional<Map<String, Object>> status;
        private final String reached;
        private final boolean truncated;
        private final boolean objects;
        private byte[] json = {};

        private Entry(
                AuditStage stage,
                AuditRecord record,
                Optional<User> acting,
                Optional<Map<String, Object>> status,
                String reached,
                boolean truncated,
                boolean objects) {
            this.stage = stage;
            this.record = record;
            this.acting = acting;
            this.status = status;
            this.reached = reached;
            this.truncated = truncated;
            this.objects = objects;
        }

        @Override
        public boolean tellsObjects() {
            return record.level().atLeast(AuditLevel.REQUEST);
        }

        @Override
        public AuditEntry truncated() {
            return new Entry(stage, record, acting, status, reached, true, false);
        }

        @Override
        public byte[] json() {
            if (json.length == 0) json = written();
            return json;
        }

        private byte[] written() {
            var text = new StringBuilder(1024)
                    .append(HEAD)
                    .append("\"level\":\"")
                    .append(record.level().text())
                    .append("\",\"auditID\":")
                    .append(quotedId)
                    .append(",\"stage\":\"")
                    .append(stage.text())
                    .append('"')
                    .append(call);
            acting.ifPresent(other -> text.append(",\"impersonatedUser\":").append(Json.writeString(tree(other))));
            if (!record.constraint().isEmpty())
                text.append(",\"authenticationMetadata\":")
                        .append(Json.writeString(Map.of("impersonationConstraint", record.constraint())));
            text.append(from);
            if (request.info().resourceRequest()) text.append(",\"objectRef\":").append(reference(record));
            status.ifPresent(told -> text.append(",\"responseStatus\":").append(Json.writeString(told)));
            if (objects) {
                object(text, "requestObject", record.requestObject());
                object(text, "responseObject", record.responseObject());
            }
            text.append(",\"requestReceivedTimestamp\":\"")
                    .append(receivedText)
                    .append("\",\"stageTimestamp\":\"")
                    .append(reached)
                    .append('"');
            var annotations = annotations();
            if (!annotations.isEmpty())
                text.append(",\"annotations\":").append(Json.writeString(Trees.sorted(annotations)));
            return text.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
        }

        private Map<String, Object> annotations() {
            var annotations = new HashMap<String, Object>(request.response().auditAnnotations());
            if (truncated) annotations.put(TRUNCATED, "true");
            return annotations;
        }

        @Override
        public byte[] legacy() {
            var code = status.map(told -> String.valueOf(told.get(Status.CODE)));
            var namespace = AuditEvent.this.namespace(record);
            var line = time(received) + " AUDIT: id=" + GoText.quoted(id) + " stage=" + GoText.quoted(stage.text())
                    + " ip=" + GoText.quoted(addresses.getFirst())
                    + " method=" + GoText.quoted(request.info().verb())
                    + " user=" + GoText.quoted(user.name().isEmpty() ? "<none>" : user.name())
                    + " groups="
                    + GoText.quoted(user.name().isEmpty() || user.groups().isEmpty() ? "<none>" : list(user.groups()))
                    + " as=" + GoText.quoted(acting.map(User::name).orElse("<self>"))
                    + " asgroups="
                    + GoText.quoted(acting.map(User::groups)
                            .filter(groups -> !groups.isEmpty())
                            .map(AuditEvent::list)
                            .orElse("<lookup>"))
                    + " user-agent=" + GoText.quoted(agent)
                    + " namespace=" + GoText.quoted(namespace.isEmpty() ? "<none>" : namespace)
                    + " uri=" + GoText.quoted(request.call().uri())
                    + " response=\"" + code.orElse("<deferred>") + "\"\n";
            return line.getBytes(StandardCharsets.UTF_8);
        }
    }

    /// As Go writes it, which ends with the last digit that is not 0.
    private static String time(Instant time) {
        var text = Timestamps.micros(time).replaceFirst("0+Z$", "Z");
        return text.replace(".Z", "Z");
    }

    private static String list(List<String> names) {
        return names.stream().map(GoText::quoted).collect(Collectors.joining(","));
    }

    private static void object(StringBuilder text, String name, byte[] json) {
        if (json.length == 0) return;
        text.append(",\"").append(name).append("\":").append(new String(json, StandardCharsets.UTF_8));
    }

    private String namespace(AuditRecord record) {
        if (!request.info().resourceRequest()) return "";
        var sent = record.sent().metadata().get(ObjectMeta.NAMESPACE).string();
        return request.info().namespace().isEmpty() ? sent : request.info().namespace();
    }

    /// Most calls send no object that could change it.
    private String reference(AuditRecord record) {
        var sent = record.sent().metadata();
        if (sent.exists()) return Json.writeString(tree(sent));
        if (reference.isEmpty()) reference = Json.writeString(tree(sent));
        return reference;
    }

    private Map<String, Object> tree(View sent) {
        var info = request.info();
        return Trees.map(
                "resource", info.resource(),
                "namespace", either(info.namespace(), sent.get(ObjectMeta.NAMESPACE)),
                "name", either(info.name(), sent.get(ObjectMeta.NAME)),
                "uid", either("", sent.get(ObjectMeta.UID)),
                "apiGroup", either(info.group(), View.ABSENT),
                "apiVersion", info.version(),
                "resourceVersion", either("", sent.get(ObjectMeta.RESOURCE_VERSION)),
                "subresource", either(info.subresource(), View.ABSENT));
    }

    private static @Nullable String either(String known, View sent) {
        var text = known.isEmpty() ? sent.string() : known;
        return text.isEmpty() ? null : text;
    }
}
