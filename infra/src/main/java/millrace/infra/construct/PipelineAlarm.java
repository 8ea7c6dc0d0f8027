package millrace.infra.construct;

import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.sns.ITopic;
import software.constructs.Construct;

/**
 * An alarm that tells somebody, and where the page lies that says what to do. The topic is told of
 * its end too.
 */
public final class PipelineAlarm extends Construct {
  /** Folder of the pages, in the repository. */
  public static final String RUNBOOKS = "docs/runbooks/";

  /**
   * @param name what it says, the name of its page: {@code writer-errors}
   * @param fullName its name in the account, which ends in {@code name}
   * @param description what is wrong, one sentence
   * @param metric what is watched
   * @param comparison of the metric to the threshold
   * @param threshold in the metric's unit
   * @param periods how many of the metric's periods in a row
   * @param missing what silence means
   * @param topic who is told
   */
  public record Props(
      String name,
      String fullName,
      String description,
      IMetric metric,
      ComparisonOperator comparison,
      Number threshold,
      int periods,
      TreatMissingData missing,
      ITopic topic) {}

  public PipelineAlarm(Construct scope, String id, Props props) {
    super(scope, id);
    Alarm alarm =
        Alarm.Builder.create(this, "Alarm")
            .alarmName(props.fullName())
            .alarmDescription(props.description() + " Runbook: " + RUNBOOKS + props.name() + ".md")
            .metric(props.metric())
            .comparisonOperator(props.comparison())
            .threshold(props.threshold())
            .evaluationPeriods(props.periods())
            .treatMissingData(props.missing())
            .build();
    alarm.addAlarmAction(new SnsAction(props.topic()));
    alarm.addOkAction(new SnsAction(props.topic()));
  }
}
