import { CustomErrorBase } from '@backstage/errors';

/** An error with a status that @backstage/errors has no class for; the error middleware answers with it. */
export class HttpError extends CustomErrorBase {
  constructor(readonly statusCode: number, name: string, message: string) {
    super(message);
    this.name = name;
  }
}
