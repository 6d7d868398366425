// Every rule, in the order in which they are told.

import type { Rule } from './rule.ts';
import { admissionRules } from './rules/admission.ts';
import { certificateRules } from './rules/certificates.ts';
import { emqxRules } from './rules/emqx.ts';
import { objectRules } from './rules/images.ts';
import { kafkaRules } from './rules/kafka.ts';
import { lifecycleRules } from './rules/lifecycle.ts';
import { monitoringRules } from './rules/monitoring.ts';
import { nameRules } from './rules/names.ts';
import { networkRules } from './rules/network.ts';
import { podRules } from './rules/pods.ts';
import { referenceRules } from './rules/references.ts';
import { releaseRules } from './rules/release.ts';
import { scalingRules } from './rules/scaling.ts';
import { scalingNumberRules } from './rules/scaling-numbers.ts';
import { settingsRules } from './rules/settings.ts';
import { toolboxRules } from './rules/toolbox.ts';
import { topicRules } from './rules/topics.ts';
import { tuningRules } from './rules/tuning.ts';
import { validate } from './validate.ts';

const schemaRule: Rule = {
  promise: 'every object fits the strict schema of its kind',
  check: ({ objects }) => validate(objects),
};

export const rules: readonly Rule[] = [
  schemaRule,
  ...admissionRules,
  ...referenceRules,
  ...objectRules,
  ...podRules,
  ...settingsRules,
  ...lifecycleRules,
  ...scalingRules,
  ...scalingNumberRules,
  ...releaseRules,
  ...toolboxRules,
  ...kafkaRules,
  ...topicRules,
  ...nameRules,
  ...emqxRules,
  ...certificateRules,
  ...networkRules,
  ...monitoringRules,
  ...tuningRules,
];
