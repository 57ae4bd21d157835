package io.navarch.kinds.prioritylevelconfiguration;

import io.navarch.kinds.flowschema.FlowSchemaKind;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.Enumeration;
import io.navarch.model.LimitResponse;
import io.navarch.model.LimitResponseType;
import io.navarch.model.LimitedPriorityLevelConfiguration;
import io.navarch.model.PriorityLevelConfiguration;
import io.navarch.model.PriorityLevelConfigurationSpec;
import io.navarch.model.PriorityLevelEnablement;
import io.navarch.model.QueuingConfiguration;
import io.navarch.model.Resources;
import io.navarch.model.Structure;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.List;
import java.util.Map;

/// PriorityLevelConfiguration: how many requests of a sort run at once, and how many wait.
public final class PriorityLevelConfigurationKind {
    private static final String RESPONSE = "spec.limited.limitResponse";

    private PriorityLevelConfigurationKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.PRIORITY_LEVEL_CONFIGURATIONS)
                .version(
                        types.get("V1PriorityLevelConfiguration"),
                        columns -> columns.name()
                                .text("Type", level -> level.spec().type().text())
                                .text(
                                        "NominalConcurrencyShares",
                                        level -> number(
                                                limited(level),
                                                LimitedPriorityLevelConfiguration.NOMINAL_CONCURRENCY_SHARES))
                                .text("Queues", level -> number(queuing(level), QueuingConfiguration.QUEUES))
                                .text("HandSize", level -> number(queuing(level), QueuingConfiguration.HAND_SIZE))
                                .text(
                                        "QueueLengthLimit",
                                        level -> number(queuing(level), QueuingConfiguration.QUEUE_LENGTH_LIMIT))
                                .age())
                .withStatus()
                .resetting("status", "metadata", "spec")
                .withGeneration()
                .defaultedBy(PriorityLevelConfigurationKind::defaults)
                .statusRuledBy(
                        (level, old) -> FlowSchemaKind.conditions(level.status().conditions()))
                .ruledBy((level, old) -> check(level))
                .checkingUpdates(MetadataCheck.FORM)
                .build();
    }

    private static LimitedPriorityLevelConfiguration limited(PriorityLevelConfiguration level) {
        return level.spec().limited();
    }

    private static QueuingConfiguration queuing(PriorityLevelConfiguration level) {
        return limited(level).limitResponse().queuing();
    }

    private static String number(Structure structure, String field) {
        return structure.raw(field).exists() ? structure.raw(field).text() : "<none>";
    }

    private static void defaults(Map<String, Object> level) {
        PriorityLevelConfiguration.edit(level)
                .editSpec(spec -> spec.editLimited(limited -> limited.editLimitResponse(response -> {
                    if (response.build().type() == LimitResponseType.QUEUE)
                        response.editQueuing(PriorityLevelConfigurationKind::defaults);
                })));
    }

    private static void defaults(QueuingConfiguration.Builder queuing) {
        var given = queuing.build();
        if (given.queues() == 0) queuing.queues(64);
        if (given.handSize() == 0) queuing.handSize(8);
        if (given.queueLengthLimit() == 0) queuing.queueLengthLimit(50);
    }

    private static List<FieldError> check(PriorityLevelConfiguration level) {
        var check = new Check();
        var spec = level.spec();
        var limited = spec.limited();
        switch (spec.type()) {
            case EXEMPT -> {
                if (limited.exists())
                    check.add(FieldError.forbidden("spec.limited", "must be nil if the type is not Limited"));
                if (!level.name().equals("exempt"))
                    check.add(FieldError.invalid(
                            "spec.type", spec.type().text(), "type may not be 'Exempt' unless named 'exempt'"));
            }
            case LIMITED -> {
                if (spec.hasExempt())
                    check.add(FieldError.forbidden("spec.exempt", "must be nil if the type is Limited"));
                if (!limited.exists())
                    check.add(FieldError.required("spec.limited", "must not be empty when type is Limited"));
                else response(limited.limitResponse(), check);
            }
            default ->
                check.add(FieldError.notSupported(
                        "spec.type",
                        spec.raw(PriorityLevelConfigurationSpec.TYPE).string(),
                        Enumeration.texts(PriorityLevelEnablement.values())));
        }
        return check.errors();
    }

    private static void response(LimitResponse response, Check check) {
        var at = RESPONSE + ".queuing";
        var queuing = response.queuing();
        switch (response.type()) {
            case REJECT -> {
                if (queuing.exists())
                    check.add(FieldError.forbidden(at, "must be nil if limited.limitResponse.type is not Limited"));
            }
            case QUEUE -> {
                if (!queuing.exists())
                    check.add(FieldError.required(at, "must not be empty if limited.limitResponse.type is Limited"));
                else queuing(queuing, at, check);
            }
            default ->
                check.add(FieldError.notSupported(
                        RESPONSE + ".type",
                        response.raw(LimitResponse.TYPE).string(),
                        Enumeration.texts(LimitResponseType.values())));
        }
    }

    private static void queuing(QueuingConfiguration queuing, String at, Check check) {
        int queues = queuing.queuesOr(64);
        int hand = queuing.handSizeOr(8);
        positive(queues, at + ".queues", check);
        positive(hand, at + ".handSize", check);
        positive(queuing.queueLengthLimitOr(1), at + ".queueLengthLimit", check);
        double bits = hand * (Math.log(queues) / Math.log(2));
        if (queues > 10_000_000) {
            check.add(FieldError.invalid(at + ".queues", queues, "must not be greater than 10000000"));
        } else if (hand > queues) {
            check.add(FieldError.invalid(at + ".handSize", hand, "should not be greater than queues (" + queues + ")"));
        } else if (hand > 0 && bits > 60) {
            check.add(FieldError.invalid(
                    at + ".handSize",
                    hand,
                    "required entropy bits of deckSize " + queues + " and handSize " + hand
                            + " should not be greater than 60 (" + (long) Math.ceil(bits) + ")"));
        }
    }

    private static void positive(int number, String path, Check check) {
        if (number <= 0) check.add(FieldError.invalid(path, number, "must be positive"));
    }
}
