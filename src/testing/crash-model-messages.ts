import type { EngineMessage } from '../domain/engine-supply.ts';
import type { ReceivedHello } from '../domain/supply-hello.ts';
import type { EndReason, OpenSupplyState } from '../domain/vocabulary.ts';

/** What reaches Central through the fake Kafka. */
export type ToCentral =
  | { readonly from: 'engine'; readonly cpId: string; readonly message: EngineMessage; readonly boot: number }
  | { readonly from: 'engine-hello'; readonly cpId: string; readonly hello: ReceivedHello; readonly boot: number }
  | { readonly from: 'requester'; readonly cpId: string; readonly request: ModelRequest }
  | { readonly from: 'driver-stop'; readonly driverId: string; readonly supplyId: string };

/** A press of the button, at a page (driverId) or at the point (null). */
export interface ModelRequest {
  readonly requestId: string;
  readonly driverId: string | null;
  readonly sentAtMs: number;
}

/** What Central sends to an engine. */
export type ToEngine =
  | {
      readonly type: 'start-supply';
      readonly supplyId: string;
      readonly requestId: string;
      readonly driverId: string | null;
      readonly origin: 'APP' | 'BATCH' | 'POINT';
      readonly priceE4PerKwh: number;
      readonly expiresAtMs: number;
    }
  | { readonly type: 'supply-authorised'; readonly supplyId: string }
  | { readonly type: 'cancel-supply'; readonly supplyId: string }
  | { readonly type: 'stop-supply'; readonly supplyId: string; readonly reason: EndReason }
  | { readonly type: 'supply-closed'; readonly supplyId: string }
  | {
      readonly type: 'hello-answered';
      readonly boot: number;
      readonly acknowledgedSupplyIds: readonly string[];
      readonly openSupply: {
        readonly supplyId: string;
        readonly state: OpenSupplyState;
        readonly orderedEndReason?: EndReason;
      } | null;
    };
