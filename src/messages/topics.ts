/** The only place that spells a topic (F-08). Names are the field's: protocol 3. */

/** Numbered request/response pairs of a zone. */
export const CHANNELS_PER_ZONE = 10;
/** Partitions of each numbered request and response topic. */
export const PARTITIONS_PER_CHANNEL = 2;
/** Between Centrals only: batches of readings. */
export const CENTRAL_LIVE_TOPIC = 'central_live';
/** What every topic of clients' choice begins with: a driver without EV_ZONE takes the first one. */
export const SELECTION_PREFIX = 'TopicSel_';
/** What the broker's rights speak of beside it (R2-27). */
export const SELECTION_RESPONSE_PREFIX = 'TopicSelResp_';
export const STATUS_PREFIX = 'Status_';

const ZONE_PATTERN = /^[A-Z][A-Z0-9]{1,7}$/;
const CHANNEL_PATTERN = /^([A-Z][A-Z0-9]{1,7})_([0-9])$/;

/** A topic and how many partitions it must have. */
export type TopicPlan = { topic: string; partitions: number };

export function isZone(text: string): boolean {
  return ZONE_PATTERN.test(text);
}

/** Clients ask for a channel here. */
export function selectionTopic(zone: string): string {
  return `${SELECTION_PREFIX}${zone}`;
}

/** Central offers channels here. */
export function selectionResponseTopic(zone: string): string {
  return `${SELECTION_RESPONSE_PREFIX}${zone}`;
}

/** States of points for drivers, signed. */
export function statusTopic(zone: string): string {
  return `${STATUS_PREFIX}${zone}`;
}

/** How the names of a zone's numbered channels begin. */
export function zonePrefix(zone: string): string {
  return `${zone}_`;
}

/** The name of a numbered channel, `ALC_3`: its two topics derive from it. */
export function channelName(zone: string, channelNumber: number): string {
  return `${zonePrefix(zone)}${channelNumber}`;
}

export function requestTopic(channel: string): string {
  return `${channel}_req`;
}

export function responseTopic(channel: string): string {
  return `${channel}_res`;
}

/** `ALC_3` -> its zone and number; undefined for anything else. */
export function parseChannelName(channel: string): { zone: string; channelNumber: number } | undefined {
  const match = CHANNEL_PATTERN.exec(channel);
  return match ? { zone: match[1]!, channelNumber: Number(match[2]) } : undefined;
}

/** The channel that a request topic belongs to; undefined for every other topic. */
export function channelOfRequestTopic(topic: string): string | undefined {
  if (!topic.endsWith('_req')) return undefined;
  const channel = topic.slice(0, -'_req'.length);
  return parseChannelName(channel) ? channel : undefined;
}

/** The zone whose selection topic this is; undefined for every other topic. */
export function zoneOfSelectionTopic(topic: string): string | undefined {
  if (!topic.startsWith(SELECTION_PREFIX)) return undefined;
  const zone = topic.slice(SELECTION_PREFIX.length);
  return isZone(zone) ? zone : undefined;
}

/** All that Central reads in a zone. */
export function inboundTopics(zone: string): string[] {
  return [selectionTopic(zone), ...channelsOf(zone).map(requestTopic)];
}

/** All topics of a zone: 43 partitions. */
export function zoneTopics(zone: string): TopicPlan[] {
  const single = [selectionTopic(zone), selectionResponseTopic(zone), statusTopic(zone)];
  return [
    ...single.map((topic) => ({ topic, partitions: 1 })),
    ...channelsOf(zone).flatMap((channel) => [
      { topic: requestTopic(channel), partitions: PARTITIONS_PER_CHANNEL },
      { topic: responseTopic(channel), partitions: PARTITIONS_PER_CHANNEL },
    ]),
  ];
}

function channelsOf(zone: string): string[] {
  return Array.from({ length: CHANNELS_PER_ZONE }, (_, channelNumber) => channelName(zone, channelNumber));
}
