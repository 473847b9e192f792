import type { ConsoleLanguage } from '../../io/console/language.ts';

const en = {
  welcome: 'EV_W: change a city while it runs.',
  menu: `
  list                       locations, temperatures, what is held
  watch NUMBER CITY,COUNTRY  ask for another city in a location's place, e.g. watch 2 Oslo,NO
  watch NUMBER own           ask for its own city again
  move CP001 CITY,COUNTRY    the point stands in another city from now on
  quit
`,
  done: 'done',
  answers: 'answers',
  silent: 'does not answer',
  simulated: 'simulated',
  asksFor: 'asks for',
};

/** Words of EV_W's console; what is typed is the same in both languages. */
export const MENU_WORDS: Readonly<Record<ConsoleLanguage, typeof en>> = {
  en,
  es: {
    welcome: 'EV_W: cambia una ciudad en marcha.',
    menu: `
  list                      lugares, temperaturas, qué está bloqueado
  watch NÚMERO CIUDAD,PAÍS  preguntar por otra ciudad en lugar de la suya, p. ej. watch 2 Oslo,NO
  watch NÚMERO own          preguntar de nuevo por la suya
  move CP001 CIUDAD,PAÍS    el punto está en otra ciudad desde ahora
  quit                      salir
`,
    done: 'hecho',
    answers: 'responde',
    silent: 'no responde',
    simulated: 'simulado',
    asksFor: 'pregunta por',
  },
};
